package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Names of attachments that lead somewhere else than they say. The cases are those published: OWASP
 * path traversal and its encodings (CWE-22, CWE-23, CWE-36), CWE-73, the zip slip names, Windows
 * device names and streams (MS naming files), best-fit conversion of Windows (WorstFit), and
 * direction overrides (CWE-1007, CVE-2009-3376).
 */
class FileNameTest {
  private static final List<String> PATHS =
      List.of(
          "../../../etc/passwd",
          "..\\..\\..\\windows\\win.ini",
          "/etc/passwd",
          "C:\\Windows\\System32\\calc.exe",
          "C:evil.pdf",
          "\\\\attacker.example\\share\\x.pdf",
          "//attacker.example/share/x.pdf",
          "....//....//etc/passwd",
          "..;/x.pdf",
          "./x.pdf",
          "invoices/x.pdf",
          "~/.bashrc/x",
          "file:///etc/passwd",
          "..",
          ".",
          "...");
  private static final List<String> ENCODED =
      List.of(
          "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
          "x%2f..%2f..%2fpasswd",
          "x%252f..%252fpasswd",
          "x%5c..%5cwin.ini",
          "x%c0%af..%c0%afpasswd",
          "x%c1%9c..%c1%9cwin.ini",
          "x%e0%80%af..%e0%80%afpasswd",
          "x%00.pdf",
          "x%0d%0aBcc: b@example.org.pdf",
          "=?utf-8?q?..=2F..=2Fpasswd?=");
  private static final List<String> LOOKALIKES =
      List.of(
          "..\uff0f..\uff0fpasswd",
          "x\uff0fy.pdf",
          "x\uff3cy.pdf",
          "x\u2215y.pdf",
          "x\u2044y.pdf",
          "x\u2216y.pdf",
          "\uff0e\uff0e",
          "\u2025",
          "x\uff1astream");
  private static final List<String> OTHERS =
      List.of(
          "x.pdf\u0000.exe",
          "x\u202efdp.exe",
          "x\u2066fdp.exe",
          "x\u200b.pdf",
          "x\r\nContent-Type: text/html.pdf",
          "x.pdf::$DATA",
          "x.pdf:Zone.Identifier",
          "CON",
          "con.pdf",
          "NUL.txt",
          "aux.2026.pdf",
          "COM1.pdf",
          "lpt\u00b9.pdf",
          "x.pdf.",
          "x.pdf ",
          " x.pdf",
          ".htaccess",
          "x|y.pdf",
          "x\"; name=\"y.pdf",
          "x".repeat(101),
          "");

  @Test
  void a_name_that_is_a_path_is_refused() {
    assertThat(PATHS).noneMatch(FileName::isSafe);
  }

  @Test
  void a_name_that_becomes_a_path_when_it_is_decoded_once_more_is_refused() {
    assertThat(ENCODED).noneMatch(FileName::isSafe);
  }

  @Test
  void a_name_that_becomes_a_path_in_another_character_set_is_refused() {
    assertThat(LOOKALIKES).noneMatch(FileName::isSafe);
  }

  @Test
  void a_name_that_is_more_than_a_file_on_some_system_is_refused() {
    assertThat(OTHERS).noneMatch(FileName::isSafe);
  }

  @Test
  void names_of_documents_are_names() {
    assertThat(
            List.of(
                "INV-2026-0042.pdf",
                "Rechnung Nr. 42 (Kopie) – Müller & Söhne.pdf",
                "Rabatt 10%.pdf",
                "Angebot 10%ig.pdf",
                "invoice%20march.pdf",
                "請求書.pdf",
                "faktura №7.pdf",
                "convention.pdf",
                "comic.pdf",
                "a..b.pdf"))
        .allMatch(FileName::isSafe);
  }
}
