/** The product's mark; decoration beside its name. */
export function Mark() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <circle cx="12.5" cy="16" r="6.5" stroke="currentColor" strokeWidth="3" />
      <path
        d="M20 9.6a6.5 6.5 0 1 1-5.4 10.3"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinecap="round"
        opacity=".55"
      />
    </svg>
  );
}
