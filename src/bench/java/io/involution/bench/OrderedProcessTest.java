package io.involution.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderedProcessTest {
  @TempDir private Path folder;

  @Test
  void answersOrdersUntilItEnds() throws Exception {
    String program = "echo loading >&2; read count; echo noise; echo done $count; exit";
    try (OrderedProcess process =
        new OrderedProcess("counter", new ProcessBuilder("sh", "-c", program), folder)) {
      process.order("7.5");

      assertThat(process.number("done")).isEqualTo(7.5);
      assertThatThrownBy(process::line)
          .hasMessage("counter has ended, see %s", folder.resolve("counter.log"));
      assertThat(folder.resolve("counter.log")).hasContent("loading");
    }
  }
}
