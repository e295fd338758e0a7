export default function Recruiter() {
  return null;
}
