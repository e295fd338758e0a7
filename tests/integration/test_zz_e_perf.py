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
        for sort in ("-activity","started_at","-percentage","candidate_name"):
            for wanted in (Wanted(), Wanted(text="abc12"), Wanted(text="nobody"), Wanted(interview_id=iid), Wanted(status="terminated"), Wanted(interview_id=uuid4())):
                ts=[]
                for _ in range(12):
                    t=time.perf_counter(); p=await rows.page(c,rid,sort=sort,wanted=wanted,after=After(),limit=51); ts.append(time.perf_counter()-t)
                p2=None
                if p:
                    l=p[-1]; a=After(l.id,moment=l.last_activity_at if sort=="-activity" else l.started_at,percentage=l.percentage,name=l.candidate_name)
                    t=time.perf_counter(); await rows.page(c,rid,sort=sort,wanted=wanted,after=a,limit=201); p2=time.perf_counter()-t
                print(sort,wanted,len(p),"first %.1f last %.1f max %.1f next200 %s"%(ts[0]*1e3,ts[-1]*1e3,max(ts)*1e3,p2 and round(p2*1e3,1)))
        sid=p2 and l.id or await c.fetchval("select id from interview_sessions limit 1")
        ts=[]
        for _ in range(12):
            t=time.perf_counter(); await rows.summary(c,sid); ts.append(time.perf_counter()-t)
        print("one", [round(x*1e3,2) for x in ts])
        # deep page
        t=time.perf_counter()
        deep=await c.fetchrow("select id,started_at from interview_sessions where recruiter_id=$1 order by started_at,id offset 40000 limit 1",rid)
        if deep:
            t=time.perf_counter(); await rows.page(c,rid,sort="started_at",wanted=Wanted(),after=After(deep[0],moment=deep[1]),limit=51); print("deep",(time.perf_counter()-t)*1e3)
        ex = await c.fetch("EXPLAIN (ANALYZE, BUFFERS) "+load("recruiter")["exported"], rid, None, None, UUID(int=0), 500)
        print(ex[-1], ex[0])
