/** Paper, ink, one hairline; a serif for names and titles. No font file: a page opened in ten years has what its reader has. */
export const pageStyle = `
:root{--paper:#fbfaf7;--tint:#f3f1ec;--ink:#1c1b19;--ink2:#5f5b53;--ink3:#716c63;--hair:#e5e1d8;--amber:#8a5a00;--red:#a12a2a;
--serif:"Source Serif 4 Variable","Source Serif 4",Georgia,"Iowan Old Style","Liberation Serif",serif;--sans:"Source Sans 3 Variable","Source Sans 3",system-ui,"Segoe UI","Liberation Sans",sans-serif}
@media screen and (prefers-color-scheme:dark){:root{--paper:#151412;--tint:#23211e;--ink:#ece8df;--ink2:#a8a297;--ink3:#918b80;--hair:#2f2c27;--amber:#d9a648;--red:#e58d86}}
*{box-sizing:border-box;margin:0}
body{background:var(--paper);color:var(--ink);font:15px/22px var(--sans);font-feature-settings:"tnum" 1,"lnum" 1;-webkit-font-smoothing:antialiased}
main{max-width:1080px;margin:0 auto;padding:40px 48px 80px}
h1{font:500 30px/38px var(--serif);letter-spacing:-.005em}h2{font:500 20px/26px var(--serif)}h3{font:500 17px/24px var(--serif)}
h1 .née,.faint{color:var(--ink3)}h1 .née{font-weight:400}.muted{color:var(--ink2)}.small{font-size:12.5px;line-height:17px}.red{color:var(--red)}.amber{color:var(--amber)}
a{color:inherit;text-decoration-color:var(--ink3);text-underline-offset:3px}a:focus-visible,summary:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.top{display:flex;justify-content:space-between;gap:24px;font-size:12.5px;line-height:17px;color:var(--ink2);margin-bottom:34px}
.top b{font:500 17px/20px var(--serif);color:var(--ink)}
.facts{display:flex;flex-wrap:wrap;gap:2px 20px;margin-top:6px;color:var(--ink2)}.facts b{color:var(--ink);font-weight:600}
.allergy{margin-top:12px;font-weight:600}.allergy.red::before{content:"▲ ";font-size:11px;position:relative;top:-1px}.allergy span{font-weight:400}
.summary{display:grid;grid-template-columns:1fr 1fr;gap:0 56px;margin:26px 0 40px;padding:4px 0 26px;border:solid var(--hair);border-width:1px 0}
.summary h2,.label{font:600 13px/18px var(--sans);color:var(--ink2)}.summary h2{margin:20px 0 4px}
.summary ul{list-style:none;padding:0;font-size:14px;line-height:20px}.summary li{display:flex;justify-content:space-between;gap:18px;padding:3px 0}.summary li span:first-child{flex:1 1 auto}.summary li span:last-child:not(.nw){flex:0 1 52%}.summary li span:last-child{color:var(--ink2);text-align:right}.nw{white-space:nowrap}
.year{font:500 20px/26px var(--serif);margin:34px 0 10px;padding-bottom:6px;border-bottom:1px solid var(--hair)}
.event{display:grid;grid-template-columns:92px minmax(0,1fr);gap:0 22px;padding:9px 0;break-inside:avoid}
.event>time{color:var(--ink2);font-size:13.5px;padding-top:1px;text-align:right}.event.note>time{padding-top:3px}
.event dl{display:grid;grid-template-columns:92px minmax(0,72ch);gap:3px 16px;margin-top:5px;align-items:baseline}.event dt{color:var(--ink3);font-size:13.5px}.event dd{margin:0}
.event p{max-width:84ch}.fold p+details{margin-top:2px}.event .meta{font-size:12.5px;line-height:17px;color:var(--ink3);margin-top:5px}
.fold{color:var(--ink2);font-size:14px;line-height:20px}.fold b{color:var(--ink);font-weight:600}
.value{white-space:nowrap;margin-right:14px}.value b{font-weight:600}
details{margin:3px 0;font-size:13.5px;line-height:19px}summary{cursor:pointer;color:var(--ink2)}summary b{color:var(--ink);font-weight:600}
table{border-collapse:collapse;width:100%}.fields{margin:6px 0 14px;font-size:13px;line-height:18px}.fields th{font-weight:400;color:var(--ink3);text-align:left;vertical-align:top;width:1%;padding:2px 18px 2px 0;white-space:nowrap}
.fields td{padding:2px 0;vertical-align:top;overflow-wrap:anywhere;white-space:pre-wrap}.fields tr{border-top:1px solid var(--hair)}
.full{margin-top:56px;padding-top:22px;border-top:1px solid var(--hair)}.full h3{margin:22px 0 4px}
.list{margin-top:26px;font-size:14px;line-height:20px}.list th{font:600 13px/18px var(--sans);color:var(--ink2);text-align:left;padding:6px 16px 6px 0}.list td{border-top:1px solid var(--hair);padding:7px 16px 7px 0}.list a{text-decoration-color:var(--hair)}.list .n{text-align:right}.list td:first-child{font-weight:600}
@media screen and (max-width:720px){main{padding:24px 20px 60px}.summary{grid-template-columns:1fr}.event{grid-template-columns:1fr;gap:2px}.event>time{text-align:left}.event dl{grid-template-columns:1fr;gap:0}.event dt{margin-top:6px}.list .wide{display:none}.top{flex-direction:column;gap:4px}}
@media print{@page{size:A4;margin:18mm 16mm}body{background:#fff;font-size:10.5pt;line-height:15pt}main{max-width:none;padding:0}.event{grid-template-columns:66px minmax(0,1fr);gap:0 14px;padding:6px 0}.event dl{grid-template-columns:84px minmax(0,1fr);gap:2px 12px}.summary{gap:0 32px}.full details,.full h3,.full .lead{display:none}.only-print{display:block}.year,h2{break-after:avoid}a{text-decoration:none}}
@media screen{.only-print{display:none}}
`.trim();
