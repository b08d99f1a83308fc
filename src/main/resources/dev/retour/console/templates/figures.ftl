[#import "parts.ftl" as p]
[#list banners as banner]<p class="banner" role="note"><bdi>[=cut(say(banner.key, banner.arguments), 300)]</bdi></p>
[/#list]
<section class="verdict [=level?lower_case]" aria-label="[=t("verdict.label")]">
[#if alarms?size == 0]
  <h1><span aria-hidden="true">✓</span> [=t("verdict.green")]</h1>
  <p>[=t("verdict.green.more")]</p>
[#else]
  <h1>[#if level == "RED"]<span aria-hidden="true">✕</span> [=t("verdict.red")][#else]<span aria-hidden="true">▲</span> [=t("verdict.amber")][/#if]</h1>
  <ul>
  [#list alarms as a]
    <li class="[=a.level?lower_case]">
      <b><span class="grade">[=t("level." + a.level)]</span> <bdi>[=cut(say(a.key + ".what", a.arguments), 400)]</bdi></b>
      <p><bdi>[=cut(say(a.key + ".then", a.arguments), 600)]</bdi></p>
      <p class="todo"><span aria-hidden="true">→</span> [=say(a.key + ".todo", a.arguments)]</p>
    </li>
  [/#list]
  </ul>
[/#if]
</section>

<section class="system" aria-labelledby="h-system">
  <h2 id="h-system">[=t("system.title")]</h2>
  [#if components?size == 0]<p class="empty">[=t("system.empty")]</p>[/#if]
  <ul>
  [#list components as c]
    <li class="[=p.tones[c.status]]">
      <h3><bdi>[=cut(say(c.name.key, c.name.arguments), 80)]</bdi></h3>
      [@p.state "status" c.status/][#if c.since??] <span class="since">[=t("system.since")] [@p.time c.since/]</span>[/#if]
      <p><bdi>[=cut(say(c.sentence.key, c.sentence.arguments), 400)]</bdi></p>
    </li>
  [/#list]
  </ul>
</section>

[#if figures??]
<div class="rooms">
<div>
[#include "queue.ftl"]
[#include "bounces.ftl"]
</div>
<div>
[#include "events.ftl"]
[#include "addresses.ftl"]
[#include "mails.ftl"]
</div>
</div>
[#else]
<div class="rooms">
[#include "mails.ftl"]
</div>
[/#if]
