package dev.retour.console;

/** Paths of endpoints as routes write them: {@code /console/mails/{id}}. */
final class PathTemplate {
  private PathTemplate() {}

  /** Whether a path is one of those the template stands for; {@code {x}} is one segment. */
  static boolean matches(String template, String path) {
    String[] wanted = template.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      boolean open = wanted[i].startsWith("{") && !given[i].isEmpty();
      if (!open && !wanted[i].equals(given[i])) {
        return false;
      }
    }
    return true;
  }
}
