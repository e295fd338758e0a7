import asyncio, time, json
from uuid import uuid4, UUID
import pytest
from db import recruiter as rows
from db.recruiter import After, Wanted
from db.sql import load

async def test_perf(pool):
    async with pool.acquire() as c:
        rec=[uuid4() for _ in range(20)]
        for r in rec: await c.execute("insert into users(id,email,name,role) values($1,$2,'R','recruiter')", r, f"{r}@x.test")
        u=uuid4(); await c.execute("insert into users(id,email,name,role) values($1,$2,'C','candidate')", u, f"{u}@x.test")
        iv=[]
        for r in rec:
            for k in range(5):
                i=uuid4(); iv.append(i)
                await c.execute("insert into interviews(id,created_by,title,pacing) values($1,$2,$3,'self_paced')", i, r, f"Interview {k}")
                await c.execute("insert into questions(id,interview_id,version,position,type,question_text,time_limit,points,options,correct_answer) select gen_random_uuid(),$1,1,p,'mcq','q',60,10,'[\"a\",\"b\"]','a' from generate_series(0,5) p", i)
        await c.execute("""
        INSERT INTO interview_sessions (id,user_id,interview_id,interview_version,recruiter_id,candidate_name,interview_title,attempt,pacing,extra_time_percent,question_count,max_score,status,started_at,completed_at,current_question_index,last_activity_at,evaluated_at,final_score,percentage)
        SELECT gen_random_uuid(),$1,i.id,1,i.created_by,'Candidate '||md5(n::text),i.title,n,'self_paced',0,6,60,'completed',now()-interval '1 minute'*n,now(),6,now()-interval '1 second'*(n*7919%100000),now(),n%60,n%60
        FROM generate_series(1,100000) n JOIN unnest($2::uuid[]) WITH ORDINALITY iv(id,o) ON iv.o = 1+ (CASE WHEN n%2=0 THEN n%5 ELSE n%100 END) JOIN interviews i ON i.id=iv.id""", u, iv)
        await c.execute("""INSERT INTO answers(id,session_id,question_id,question_index,answer_text,how,sha256,submitted_at,time_taken,evaluation_state,score,graded_by,evaluated_at)
        SELECT gen_random_uuid(),s.id,q.id,q.position,'a','submitted','',now(),1,'scored',5,'rule',now() FROM interview_sessions s JOIN questions q ON q.interview_id=s.interview_id""")
        await c.execute("ANALYZE")
        r=await c.fetchrow("select recruiter_id, count(*) from interview_sessions group by 1 order by 2 desc limit 1"); print(r)
        rid=r[0]; iid=await c.fetchval("select interview_id from interview_sessions where recruiter_id=$1 limit 1", rid)
        for k in range(200):
            uu=uuid4(); await c.execute("insert into users(id,email,name,role) values($1,$2,'C','candidate')", uu, f"{uu}@x.test")
            await c.execute("insert into interview_sessions (id,user_id,interview_id,interview_version,recruiter_id,candidate_name,interview_title,attempt,pacing,extra_time_percent,question_count,max_score,started_at,question_started_at,question_deadline,last_activity_at) values (gen_random_uuid(),$1,$2,1,$3,'X','T',1,'self_paced',0,6,60,now()-interval '90 day',now(),now()+interval '1 hour',now()-interval '80 day')", uu, iid, rid)
        small=await c.fetchval("select interview_id from interview_sessions where recruiter_id<>$1 group by 1 order by count(*) limit 1", rid)
        await c.execute("update interview_sessions set interview_id=$1, last_activity_at = last_activity_at - interval '9 day' where id in (select id from interview_sessions where recruiter_id=$2 and status='completed' limit 20)", small, rid)
        await c.execute("ANALYZE")
        for sort in ("-activity","started_at","-percentage","candidate_name"):
            for wanted in (Wanted(), Wanted(text="nobody"), Wanted(interview_id=iid), Wanted(interview_id=small), Wanted(status="in_progress"), Wanted(status="terminated"),Wanted(interview_id=uuid4())):
                ts=[]
                for _ in range(12):
                    t=time.perf_counter(); p=await rows.page(c,rid,sort=sort,wanted=wanted,after=After(),limit=51); ts.append(time.perf_counter()-t)
                print(sort,wanted,len(p),"min %.1f median %.1f"%(min(ts)*1e3,sorted(ts)[6]*1e3))
