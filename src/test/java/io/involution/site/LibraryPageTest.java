package io.involution.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The example of the library page is this package's class, and it runs. */
@ResourceLock(Resources.SYSTEM_OUT)
class LibraryPageTest {
  @Test
  void thePageShowsTheClassThatIsTested() throws IOException {
    String source = Files.readString(Path.of("src/test/java/io/involution/site/OwnNetwork.java"));
    List<String> blocks = Page.read(Path.of("src/site/markdown/library.md")).blocks("java");
    assertThat(blocks).singleElement().asString().isEqualTo(source);
  }

  @Test
  void theExampleTrainsSavesAndLoads() throws IOException {
    PrintStream out = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      OwnNetwork.main(new String[0]);
    } finally {
      System.setOut(out);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("involution (InvolutionLayer)", "the loaded network gives the same output: true");
  }
}
