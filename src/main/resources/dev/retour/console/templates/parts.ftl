[#-- What the pages share: one look for states, counts, times and empty lists. --]
[#assign tones = {
  "UP": "good", "DOWN": "bad", "OFF": "idle",
  "pending": "wait", "processing": "busy", "paused": "idle", "processed": "good", "ignored": "idle",
  "deliveryFailed": "bad", "routingFailed": "bad", "tooOld": "warn", "targetingFailed": "bad",
  "ready": "busy", "sending": "busy", "waiting": "wait", "sent": "good", "error": "bad",
  "uncertain": "warn", "expired": "warn", "cancelled": "idle",
  "bounce": "bad", "delayed": "wait", "complaint": "bad", "auto-reply": "idle", "other": "idle",
  "Processed": "good", "Unqualified": "warn", "Other": "idle",
  "published": "good", "draft": "idle", "deleted": "idle",
  "quarantined": "bad", "denylisted": "bad", "with_errors": "wait", "allowlisted": "good", "valid": "good"
}]
[#assign signs = {"good": "✓", "busy": "▸", "wait": "◷", "warn": "▲", "bad": "✕", "idle": "–"}]

[#macro state kind code]
[#local tone = tones[code]!"idle"]
<span class="state [=tone]"><span aria-hidden="true">[=signs[tone]]</span> [=word(kind, code)]</span>[#t]
[/#macro]

[#macro counts list kind]
<ul class="counts">
[#list list as c]
  <li class="[=tones[c.word]!"idle"]"><b>[#if c.more]&gt;&#8239;[/#if][=c.number?string(",##0")]</b> <span><span aria-hidden="true">[=signs[tones[c.word]!"idle"]]</span> [=word(kind, c.word)]</span></li>
[/#list]
</ul>
[/#macro]

[#macro time at]<time datetime="[=iso(at)]">[=when(at)]</time>[/#macro]

[#macro foreign text max=120]<bdi[#if (text?length > max)] title="[=text]"[/#if]>[=cut(text, max)]</bdi>[/#macro]

[#macro reason code="" type=""]
[#-- Undefined and not defined (0) say the same. --][#if type != "" && !(type == "undefined" && code?is_number && code == 0)]<span class="type">[=word("failure", type)]</span> [/#if][#if code?is_number]<span class="reason">[=word("reason", code?c)] <span class="code">([=code?c])</span></span>[/#if][#t]
[/#macro]

[#macro tree parts]
[#if (parts?size > 0)]
<section class="card">
  <h2>[=t("mail.tree")]</h2>
  <ul class="tree">[#list parts as part]<li class="d[=[part.depth, 8]?min?c]"><b>[@foreign part.type 80/]</b>[#if part.name != ""] [@foreign part.name 100/][/#if][#if (part.sizeBytes > 0)] <span class="sub">[=t("mail.bytes", part.sizeBytes)]</span>[/#if]</li>[/#list]</ul>
</section>
[/#if]
[/#macro]
