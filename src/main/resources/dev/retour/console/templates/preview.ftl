[#import "parts.ftl" as p]
<main class="mail preview">
  <p class="back"><a href="/console/messages/[=id?url]?lang=[=lang]"><span aria-hidden="true">←</span> <bdi>[=id]</bdi></a></p>
  <h1><bdi>[=cut(subject, 200)]</bdi></h1>
  <p class="about">[#if version == 0][=t("preview.folder")][#else][=t("preview.version", version)][/#if] · [=t("mails.size", (sizeBytes / 1024)?ceiling)]</p>
  [#if (profiles?size > 0)]
  <nav class="profiles" aria-label="[=t("preview.profiles")]">[#list profiles as name]<a href="[=path]?profile=[=name?url][#if version != 0]&amp;version=[=version?c][/#if]&amp;lang=[=lang]"[#if name == profile] aria-current="page"[/#if]><bdi>[=cut(name, 60)]</bdi></a>[#sep] [/#sep][/#list]</nav>
  [/#if]
  <section class="card">
    <h2>[=t("mail.headers")]</h2>
    <dl>[#list mail.headers as h]<div><dt><bdi>[=cut(h.name, 60)]</bdi></dt><dd><bdi>[=cut(h.value, 1000)]</bdi></dd></div>[/#list]</dl>
  </section>
  [#if mail.html??]
  <section class="card">
    <h2>[=t("preview.desk")]</h2>
    <p class="about">[=t("mail.html.about")]</p>
    <iframe class="desk" sandbox src="[=path]/html?[=query]" title="[=t("preview.desk")]" referrerpolicy="no-referrer"></iframe>
  </section>
  <section class="card">
    <h2>[=t("preview.phone")]</h2>
    <iframe class="phone" sandbox src="[=path]/html?[=query]" title="[=t("preview.phone")]" referrerpolicy="no-referrer"></iframe>
  </section>
  [/#if]
  [#if mail.text??]
  <section class="card"><h2>[=t("mail.text")]</h2><pre dir="auto">[=mail.text]</pre></section>
  [/#if]
  [#if (mail.attachments?size > 0)]
  <section class="card">
    <h2>[=t("mail.attachments")]</h2>
    <ul class="files">[#list mail.attachments as a]<li><b>[@p.foreign (a.name == "")?then(t("mail.unnamed"), a.name) 100/]</b> <span class="sub">[@p.foreign a.type 80/] · [=t("mails.size", (a.sizeBytes / 1024)?ceiling)]</span></li>[/#list]</ul>
  </section>
  [/#if]
  [@p.tree mail.tree/]
  <section class="card"><h2>[=t("mail.source")]</h2><pre class="source" dir="ltr">[=mail.source]</pre></section>
</main>
