[#import "parts.ftl" as p]
<main class="mail">
  <p class="back"><a href="/?lang=[=lang]#mails"><span aria-hidden="true">←</span> [=t("mail.back")]</a></p>
  <h1><bdi>[#if subject == ""][=t("mails.nosubject")][#else][=cut(subject, 200)][/#if]</bdi></h1>
  [#if mail.fault??]<p class="notice">[=t("mail.fault")] <bdi lang="en">[=cut(mail.fault, 300)]</bdi></p>[/#if]
  [#if mail.cut]<p class="notice">[=t("mail.cut", (sizeBytes / 1024)?ceiling)]</p>[/#if]
  <section class="card">
    <h2>[=t("mail.headers")]</h2>
    <dl>[#list mail.headers as h]<div><dt><bdi>[=cut(h.name, 60)]</bdi></dt><dd><bdi>[=cut(h.value, 1000)]</bdi></dd></div>[/#list]</dl>
  </section>
  [#if mail.html??]
  <section class="card">
    <h2>[=t("mail.html")]</h2>
    <p class="about">[=t("mail.html.about")]</p>
    <iframe sandbox src="[=path]/html" title="[=t("mail.html")]" loading="lazy" referrerpolicy="no-referrer"></iframe>
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
