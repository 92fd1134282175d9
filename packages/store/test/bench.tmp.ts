import { openTestVault, sent, catchUp, makeTestPractice } from './test-vault.ts';
import { sha256 } from '../../core/src/hash.ts';
import { encodeHeader } from '../../core/src/journal/header.ts';
import { encodeStatement, signedMessage, parseStatement } from '../../core/src/journal/entry.ts';
import { openDatabase } from '../src/postgres/connect.ts';
const vault = await openTestVault();
const N = Number(process.argv[2] ?? 1000);
const payload = crypto.getRandomValues(new Uint8Array(2048));
const payloadHash = sha256(payload);
async function chain(p:any, signer:any, n:number, last:any) {
  const out=[]; let prev = last; const stream = p.random(16);
  const seen = p.head();
  for (let i=0;i<n;i++){ 
    const headerBytes = encodeHeader({format:1,practice:p.practice,kind:'records',author:signer.author,stream,compartment:'clinical',epoch:1,base:null,prev,seen,time:Date.now(),blobs:[],body:{kind:'records',binding:false}} as any);
    const signature = await signer.sign(signedMessage(headerBytes,payloadHash));
    const bytes = encodeStatement({headerBytes,payloadHash,signature});
    prev = sha256(bytes); out.push({statement:bytes,payload});
  } return out; }
async function practiceWith(name:string, devices:number){
  const p = await vault.createPractice(name); const ds=[p.device];
  const before = p.size;
  for (let i=1;i<devices;i++) ds.push((await p.addMember('doctor',['clinical'])).device);
  if (p.size>before) await vault.store.append(p.practice, p.entries.slice(before).map(e=>sent(e)));
  const q = (await import('./test-vault.ts')).mirror; const m = await q(vault.store,p.practice,p);
  return { p: m, chains: await Promise.all(ds.map(d=>chain(m,d,N,m.state.authors.get(Buffer.from(d.author).toString('hex'))!.last))) };
}
async function timed(label:string, run:()=>Promise<number>){ const t=performance.now(); const n=await run(); const r=n/((performance.now()-t)/1000); console.log(label.padEnd(34), r.toFixed(0),'/s'); return r; }
const sql = openDatabase({url: vault.postgres.url, maxConnections: 10});
await sql`CREATE TABLE plain (practice bytea, index bigint, entry bytea, payload bytea, PRIMARY KEY(practice,index))`;
await sql`ALTER TABLE plain ALTER COLUMN entry SET STORAGE EXTERNAL`; await sql`ALTER TABLE plain ALTER COLUMN payload SET STORAGE EXTERNAL`;
const entryBytes = crypto.getRandomValues(new Uint8Array(420));
async function plain(practice:Uint8Array, base:number, n:number){ for(let i=0;i<n;i++) await sql`INSERT INTO plain VALUES (${practice}, ${base+i}, ${entryBytes}, ${payload})`; return n; }
const rnd=()=>crypto.getRandomValues(new Uint8Array(32));
const one = await practiceWith('a',1), eight = await practiceWith('b',8);
const many = []; for (let i=0;i<8;i++) many.push(await practiceWith('c'+i,1));
const writer = async (p:any,c:any[]) => { for (const e of c) await vault.store.append(p.practice,[e]); return c.length; };
const sum = (a:number[])=>a.reduce((x,y)=>x+y,0);
for (let round=0; round<2; round++){
 const half=(c:any[])=>c.slice(round*N/2,(round+1)*N/2);
 const x=rnd();
 const p1 = await timed('plain 1', ()=>plain(x,0,N/2));
 const s1 = await timed('serment 1', ()=>writer(one.p,half(one.chains[0]!)));
 const p8 = await timed('plain 8 writers one practice', async()=>sum(await Promise.all(Array.from({length:8},(_,w)=>plain(x,1e6*(w+1),N/2)))));
 const s8 = await timed('serment 8 writers one practice', async()=>sum(await Promise.all(eight.chains.map(c=>writer(eight.p,half(c))))));
 const pp = await timed('plain 8 practices', async()=>sum(await Promise.all(Array.from({length:8},(_,w)=>plain(rnd(),0,N/2)))));
 const sp = await timed('serment 8 practices', async()=>sum(await Promise.all(many.map(m=>writer(m.p,half(m.chains[0]!))))));
 console.log('ratios', (s1/p1).toFixed(2),(s8/p8).toFixed(2),(sp/pp).toFixed(2));
}
await sql.end(); await vault.close();
