<!DOCTYPE html>
<html lang="[=lang]">
<head>
<meta charset="utf-8">
<title>Retour</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,"historyEnabled":false,"timeout":15000}'>
<link rel="icon" href="[=assets["icon.svg"]]" type="image/svg+xml">
<link rel="stylesheet" href="[=assets["console.css"]]">
[#if refreshSeconds??]
<noscript><meta http-equiv="refresh" content="[=refreshSeconds?c]"></noscript>
<script src="[=assets["htmx.js"]]" defer></script>
<script src="[=assets["console.js"]]" defer></script>
[/#if]
[#if actions??]
<script src="[=assets["actions.js"]]" defer></script>
[/#if]
</head>
<body>
<header class="top">
  <a class="brand" href="/?lang=[=lang]"><img src="[=assets["icon.svg"]]" alt="" width="28" height="28"><span>Retour</span></a>
  <nav class="pages" aria-label="[=t("frame.pages")]"><a href="/?lang=[=lang]"[#if path == "/"] aria-current="page"[/#if]>[=t("frame.overview")]</a> <a href="/console/messages?lang=[=lang]"[#if path?starts_with("/console/messages")] aria-current="page"[/#if]>[=t("messages.title")]</a></nav>
  <p class="asof">[#if refreshSeconds??]<span class="pulse" aria-hidden="true"></span>[=t("frame.asof")] <time id="as-of" datetime="[=iso(now)]">[=when(now)]</time> <span class="zone">[=zone]</span>[/#if]</p>
  <nav class="languages" aria-label="[=t("frame.language")]">
  [#list languages as l]<a href="[=path]?lang=[=l.tag]" hreflang="[=l.tag]" lang="[=l.tag]"[#if l.tag == lang] aria-current="true"[/#if] title="[=l.name]">[=l.tag?upper_case]</a>[/#list]
  </nav>
</header>
[#if refreshSeconds??]<p id="stale" role="alert" hidden>[=t("frame.stale")]</p>[/#if]
[=content]
</body>
</html>
