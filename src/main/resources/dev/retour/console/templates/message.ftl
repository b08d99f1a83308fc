[#import "parts.ftl" as p]
[#assign m = message]
[#assign api = "/api/v1/messages/" + m.id?url + "/"]
[#assign news = m.folder == "DIFFERS" || m.folder == "DRAFT"]
[#-- One action: what it does stands beside its button; what ends something asks to be sure. --]
[#macro act name key tone="" confirm=false hidden={}]
<form class="act" data-post="[=api][=name]">
  <p><b>[=t("act." + key)]</b> [=t("act." + key + ".about")]</p>
  [#if confirm]<label class="sure"><input type="checkbox" name="confirm" value="1" required> [=t("act.sure")]</label>[/#if]
  <label>[=t("act.because")] <input name="because" maxlength="1000" autocomplete="off"></label>
  [#list hidden as n, v]<input type="hidden" name="[=n]" value="[=v]">[/#list]
  <button[#if tone != ""] class="[=tone]"[/#if]>[=t("act." + key)]</button>
</form>
[/#macro]
<main class="mail message">
  <p class="back"><a href="/console/messages?lang=[=lang]"><span aria-hidden="true">←</span> [=t("messages.title")]</a></p>
  <h1><bdi>[=m.id]</bdi></h1>
  <p class="about">[@p.state "message" m.state/][#if m.version??] [=t("preview.version", m.version)][/#if][#if m.changedAt??] · [@p.time m.changedAt/] · [@p.foreign m.changedBy 60/][/#if][#if m.because != ""] · <span class="said">[@p.foreign m.because 200/]</span>[/#if]</p>
  <div id="outcome" role="status" lang="en" hidden></div>
  <noscript><p class="notice">[=t("message.noscript")] <code>./retour messages --help</code></p></noscript>
  [#if (waiting.count > 0)]
  <p class="notice">[=t("message.waiting", waiting.count)][#if waiting.firstEnd??] [=t("message.waiting.end")] [@p.time waiting.firstEnd/].[/#if]</p>
  [/#if]

  <section class="card">
    <h2>[=t("message.folder")]</h2>
    <p class="about">[=t("message.folder." + m.folder)]</p>
    [#if (faults?size > 0)]
    <p class="notice">[=t("message.faults")]</p>
    <ul class="faults" lang="en">[#list faults as f]<li><bdi>[=cut(f.file, 120)]</bdi>:[=f.line?c] <bdi>[=cut(f.text, 400)]</bdi></li>[/#list]</ul>
    [/#if]
    [#if (profiles?size > 0)]
    <p class="profiles">[=t("message.preview")] [#list profiles as name]<a href="/console/messages/[=m.id?url]/preview?profile=[=name?url][#if m.folder == "MISSING" && m.version??]&amp;version=[=m.version?c][/#if]&amp;lang=[=lang]"><bdi>[=cut(name, 60)]</bdi></a>[#sep] · [/#sep][/#list]</p>
    [/#if]
    [#if (diff?size > 0)]
    <details><summary>[=t("message.diff")]</summary>
    <pre class="diff" dir="ltr">[#list diff as line]<span class="[#if line?starts_with("+")]plus[#elseif line?starts_with("-")]minus[#elseif line?starts_with("@@")]place[/#if]">[=cut(line, 500)]</span>
[/#list]</pre>
    [#if (diffMore > 0)]<p class="note">[=t("message.diff.more", diffMore)]</p>[/#if]
    </details>
    [/#if]
  </section>

  <section class="card acts">
    <h2>[=t("message.acts")]</h2>
    <label class="who">[=t("act.who")] <input id="who" maxlength="80" autocomplete="name"></label>
    [#if news && m.state != "paused"][@act "publish" "publish" "go"/][/#if]
    [#if m.state == "published"][@act "pause" "pause"/][/#if]
    [#if m.state == "paused"]
      [@act "resume" "resume" "go"/]
      [#if news][@act name="resume" key="unchanged" hidden={"unchanged": "true"}/][/#if]
    [/#if]
    [#if m.folder != "MISSING" && (profiles?size > 0)]
    <form class="act" data-post="[=api]proof">
      <p><b>[=t("act.proof")]</b> [=t("act.proof.about")]</p>
      [#if (profiles?size > 1)]<label class="sure">[=t("act.profile")] <select name="profiles"><option value="">[=t("act.profile.all")]</option>[#list profiles as name]<option value="[=name]">[=cut(name, 60)]</option>[/#list]</select></label>[/#if]
      <label>[=t("act.to")] <input name="to" maxlength="4000" autocomplete="email" placeholder="ann@example.com"></label>
      <button>[=t("act.proof")]</button>
    </form>
    [/#if]
    [#if m.version??][@act name="unpublish" key="unpublish" tone="end" confirm=true/][/#if]
    [#if m.state == "draft" && (m.newest > 0)][@act name="delete" key="delete" tone="end" confirm=true/][/#if]
  </section>

  [#if (versions?size > 0)]
  <section class="card">
    <h2>[=t("message.versions")]</h2>
    <table>
      <thead><tr><th scope="col">[=t("col.version")]</th><th scope="col">[=t("message.published")]</th><th scope="col">[=t("col.why")]</th></tr></thead>
      <tbody>
      [#list versions as v]
      <tr>
        <td data-label="[=t("col.version")]"><span class="main">[=v.number?c]</span>[#if m.version?? && v.number == m.version]<span class="sub">[=t("message.inforce")]</span>[/#if]</td>
        <td data-label="[=t("message.published")]"><span class="main">[@p.time v.publishedAt/]</span><span class="sub">[@p.foreign v.publishedBy 60/]</span></td>
        <td data-label="[=t("col.why")]">[#if v.because != ""]<span class="main said">[@p.foreign v.because 200/]</span>[/#if]<span class="sub"><a href="/console/messages/[=m.id?url]/preview?version=[=v.number?c]&amp;lang=[=lang]">[=t("message.look")]</a></span>
        [#if m.version?? && v.number != m.version]
        <form class="back" data-post="[=api]rollback"><input type="hidden" name="version" value="[=v.number?c]"><button>[=t("act.rollback")]</button></form>
        [/#if]</td>
      </tr>
      [/#list]
      </tbody>
    </table>
  </section>
  [/#if]

  [#if (history?size > 0)]
  <section class="card">
    <h2>[=t("message.history")]</h2>
    <table>
      <thead><tr><th scope="col">[=t("col.when")]</th><th scope="col">[=t("col.what")]</th><th scope="col">[=t("col.why")]</th></tr></thead>
      <tbody>
      [#list history as h]
      <tr>
        <td data-label="[=t("col.when")]">[@p.time h.at/]</td>
        <td data-label="[=t("col.what")]"><span class="main">[=word("did", h.what)][#if h.version??] · [=t("preview.version", h.version)][/#if]</span><span class="sub">[@p.foreign h.who 60/]</span></td>
        <td data-label="[=t("col.why")]">[#if h.because != ""]<span class="said">[@p.foreign h.because 300/]</span>[/#if]</td>
      </tr>
      [/#list]
      </tbody>
    </table>
  </section>
  [/#if]
</main>
