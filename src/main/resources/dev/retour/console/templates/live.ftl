<main id="live" hx-get="/console/live?lang=[=lang]&amp;seen=[=seen]" hx-trigger="every [=refreshSeconds?c]s" hx-swap="outerHTML">
[=content]
</main>
