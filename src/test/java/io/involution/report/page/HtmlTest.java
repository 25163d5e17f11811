package io.involution.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTest {
  @Test
  void escapesTextAndAttributes() {
    String hostile = "</p><script>alert('1')</script>\"&\u0000";

    String written = Html.of("p", hostile).with("data-from", hostile).toString();

    assertThat(written)
        .isEqualTo(
            "<p data-from=\"&lt;/p&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;\uFFFD\">&lt;/p&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;\uFFFD</p>\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"script", "iframe", "p onload=x", "link", "P>", ""})
  void refusesElementsThatRunOrFetch(String name) {
    assertThatThrownBy(() -> Html.of(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesHandlersAndAddressesOutsideThePage() {
    Html element = Html.of("img");

    assertThatThrownBy(() -> element.with("onerror", "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> element.with("src", "https://example.org/x.png"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> element.with("href", "javascript:alert(1)"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void valuesKeepTheNumberItself() {
    assertThat(Value.percent(0.73041, "run.json#/x").html().toString())
        .isEqualTo("<data value=\"0.73041\" data-from=\"run.json#/x\">73.04\u00a0%</data>");
    assertThat(Value.count(319_178, "x").html().toString())
        .isEqualTo("<data value=\"319178\" data-from=\"x\">319,178</data>");
    assertThat(Value.points(-0.0123, "x").shown()).isEqualTo("\u22121.23");
    assertThat(Value.duration(3671.0, "x").shown()).isEqualTo("1\u00a0h 01\u00a0min");
    assertThat(Value.bytes(1536.0, "x").shown()).isEqualTo("1.5\u00a0KiB");
    assertThat(Value.percent(null, "x").html().toString()).contains("–").doesNotContain("<data");
    assertThat(Value.decimal(Double.NaN, 2, "x").shown()).isEqualTo("–");
  }
}
