import { useEffect, useRef } from "react";
import UPlot, { type AlignedData, type Axis } from "uplot";
import "uplot/dist/uPlot.min.css";
import { useMedia } from "../../ui/use-media";

export interface Drawing {
  data: AlignedData;
  axis: (value: number) => string;
  most: number;
}

const HEIGHT_PX = 220;
const BAR_SHARE = 0.82;

/** A bar chart in the page's colours; a picture only, so what it says has to stand in words beside it. */
export function Plot({ drawing }: { drawing: Drawing }) {
  const frame = useRef<HTMLDivElement>(null);
  const isDark = useMedia("(prefers-color-scheme: dark)");
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const plot = new UPlot(optionsOf(drawing, element), drawing.data, element);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [drawing, isDark]); // the colours are read when it is drawn
  return <div ref={frame} className="plot" aria-hidden="true" />;
}

function optionsOf({ axis, most }: Drawing, element: HTMLElement): UPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name);
  const axes: Axis = {
    stroke: colour("--ink-soft"),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [0, most] },
      y: { range: (_, __, highest) => [0, Math.max(1, highest * 1.1)] },
    },
    axes: [
      { ...axes, grid: { show: false }, values: (_, values) => values.map(axis) },
      { ...axes, size: 40, incrs: WHOLE },
    ],
    series: [
      {},
      {
        fill: colour("--accent"),
        width: 0,
        points: { show: false },
        ...(UPlot.paths.bars && { paths: UPlot.paths.bars({ size: [BAR_SHARE], radius: 0.1 }) }),
      },
    ],
  };
}

/** People are counted in whole numbers. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
