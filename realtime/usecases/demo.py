"""The demo: people to try Interlock as, an interview, and invitations to it."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from db import invitations, users
from db.invitations import Terms
from db.pool import Connection
from db.users import UserRow
from realtime.contracts.interview_file import read_interview
from realtime.contracts.people import DemoUser, DemoUsers, Role
from realtime.usecases import interviews
from realtime.usecases.people import find_user

DEMO_PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("ada@demo.test", "Ada Lovelace", "candidate"),
    ("grace@demo.test", "Grace Hopper", "candidate"),
    ("linus@demo.test", "Linus Torvalds", "candidate"),
    ("rita@demo.test", "Rita Recruiter", "recruiter"),
    ("ron@demo.test", "Ron Recruiter", "recruiter"),
)
DEMO_OWNER = "rita@demo.test"
# A fixed id: loading the demo again finds the interview that is there, whatever its owner has made of it.
DEMO_INTERVIEW_ID = UUID("9b1e4c1e-5d0b-4c55-9f5e-0d4f0f6d2a10")
DEMO_INTERVIEW_FILE = Path(__file__).parents[2] / "deploy" / "interviews" / "full-stack-developer.yaml"
DEMO_TERMS = Terms(max_attempts=100, extra_time_percent=0, expires_at=None)
DEMO_LASTS = timedelta(days=3650)


async def load(conn: Connection) -> None:
    """Load the demo where it is not there yet; safe to repeat, and from two places at once."""
    text = DEMO_INTERVIEW_FILE.read_text("utf-8")
    interview = read_interview(text, name=DEMO_INTERVIEW_FILE.name)
    async with conn.transaction():
        people = [await _person(conn, email=email, name=name, role=role) for email, name, role in DEMO_PEOPLE]
        owner = next(person for person in people if person.email == DEMO_OWNER)
        await interviews.store(conn, DEMO_INTERVIEW_ID, owner_id=owner.id, interview=interview)
        for person in people:
            if person.role == "candidate":
                await invitations.insert(
                    conn,
                    interview_id=DEMO_INTERVIEW_ID,
                    user_id=person.id,
                    invitation_id=uuid4(),
                    terms=DEMO_TERMS,
                    lasting=DEMO_LASTS,
                )


async def people_of(conn: Connection) -> DemoUsers:
    """Everybody of the demo who is there."""
    rows = await users.by_emails(conn, [email for email, _, _ in DEMO_PEOPLE])
    return DemoUsers(users=tuple(DemoUser(email=row.email, name=row.name, role=row.role) for row in rows))


async def _person(conn: Connection, *, email: str, name: str, role: Role) -> UserRow:
    made = await users.insert(conn, user_id=uuid4(), email=email, name=name, role=role)
    return made or await find_user(conn, email)
