package io.involution.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplyTest {
  @Test
  void readsBackWhatAContenderSays() {
    Reply ready =
        Reply.parse(Reply.ready("slices", new NetworkSize(13_074, 6), 2.5, 1.25)).orElseThrow();

    assertThat(ready.is("ready")).isTrue();
    assertThat(ready.word(0)).isEqualTo("slices");
    assertThat(ready.number(1)).isEqualTo(13_074);
    assertThat(ready.number(2)).isEqualTo(6);
    assertThat(ready.number(3)).isEqualTo(2.5);
    assertThat(ready.number(4)).isEqualTo(1.25);
    assertThat(Reply.parse(Reply.seconds(1e-5)).orElseThrow().number(0)).isEqualTo(1e-5);
    assertThat(Reply.parse(Reply.formulation("a-b", 2)).orElseThrow().word(0)).isEqualTo("a-b");
  }

  @Test
  void passesOverWhatALibraryPrints() {
    assertThat(Reply.parse("loading natives")).isEmpty();
    assertThat(Reply.parse("")).isEmpty();
    assertThat(Reply.parse("bench")).isEmpty();
  }
}
