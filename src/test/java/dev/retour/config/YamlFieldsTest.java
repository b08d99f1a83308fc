package dev.retour.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.nodes.MappingNode;

class YamlFieldsTest {
  private final List<FileFault> faults = new ArrayList<>();

  @Test
  void every_fault_is_named_at_once_with_its_line() {
    YamlFields fields =
        fields(
            """
            name: [a]
            name: anna
            count: many
            wait: soon
            at: "25:00"
            open: perhaps
            list: []
            below: text
            colour: red
            """);

    assertThat(fields.text("name")).isEqualTo("anna");
    assertThat(fields.number("count", 1, 9, 5)).isEqualTo(5);
    assertThat(fields.duration("wait")).isNull();
    LocalTime at = fields.value("at", LocalTime::parse);
    assertThat(at).isNull();
    assertThat(fields.flag("open", true)).isTrue();
    assertThat(fields.list("list", 1)).isEmpty();
    assertThat(fields.child("below")).isNull();
    fields.refuseMissing("because");
    fields.refuseUnknown();

    assertThat(faults.stream().map(FileFault::toString))
        .satisfiesExactly(
            one -> assertThat(one).isEqualTo("x.yaml:2: The key \"name\" is given twice."),
            one -> assertThat(one).startsWith("x.yaml:3: ").endsWith("1 to 9, not \"many\"."),
            one -> assertThat(one).startsWith("x.yaml:4: ").contains("such as 500ms"),
            one -> assertThat(one).startsWith("x.yaml:5: \"at\": ").contains("25:00"),
            one -> assertThat(one).startsWith("x.yaml:6: ").contains("true or false"),
            one -> assertThat(one).startsWith("x.yaml:7: ").contains("list of 1 to"),
            one -> assertThat(one).startsWith("x.yaml:8: ").contains("must be a mapping"),
            one -> assertThat(one).isEqualTo("x.yaml:1: \"because\" is missing."),
            one -> assertThat(one).startsWith("x.yaml:9: Unknown key \"colour\"; known are name,"));
  }

  @Test
  void aliases_that_would_multiply_the_text_are_no_yaml_here() {
    assertThat(YamlFile.compose("x.yaml", "a: &a [1]\nb: [*a, *a]", faults)).isEmpty();
    assertThat(faults)
        .singleElement()
        .satisfies(fault -> assertThat(fault.text()).startsWith("This is no YAML"));
  }

  private YamlFields fields(String yaml) {
    MappingNode root = (MappingNode) YamlFile.compose("x.yaml", yaml, faults).orElseThrow();
    return new YamlFields("x.yaml", root, faults);
  }
}
