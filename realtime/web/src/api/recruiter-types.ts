import type { CandidateAnswer, Status } from "../generated/contracts";

/*
 * The recruiter's side of the contract. Its models are not in realtime/contracts yet; once they are, the
 * generated types take the place of this file.
 */
export type EvaluationState = "queued" | "running" | "partial" | "scored" | "needs_review" | "failed";
export type Recommendation = "strong_hire" | "hire" | "maybe" | "no_hire";

export interface SessionSummary {
  id: string;
  candidate_name: string;
  interview_id: string;
  interview_title: string;
  attempt: number;
  status: Status;
  current_question_index: number;
  question_count: number;
  connected: boolean;
  paused_at: string | null;
  remaining_ms: number | null;
  last_activity_at: string | null;
  final_score: number | null;
  max_score: number | null;
  percentage: number | null;
  recommendation: Recommendation | null;
  evaluation_state: EvaluationState | null;
  flags: string[];
}

export interface FeedPlace {
  epoch: string;
  offset: number;
}

export interface SessionList {
  sessions: SessionSummary[];
  next_cursor: string | null;
  feed: FeedPlace;
}

export interface DraftVersion {
  revision: number;
  answer: string | null;
  saved_at?: string;
}

export interface GradedAnswer extends CandidateAnswer {
  answer_text: string | null;
  question_text?: string | null;
  score: number | null;
  points: number;
  feedback: unknown;
  evaluation_state: EvaluationState;
  graded_by: string | null;
  provenance: unknown;
  draft_history: DraftVersion[] | null;
}

export interface SessionDetail extends SessionSummary {
  answers: GradedAnswer[];
  timeline: Record<string, unknown>[];
  audit: Record<string, unknown>[];
  ai_summary: string | null;
}
