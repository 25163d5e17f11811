package io.involution.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The examples of the library page are this package's classes, and they run: see LibraryIT too. */
@ResourceLock(Resources.SYSTEM_OUT)
class LibraryPageTest {
  @Test
  void thePageShowsTheClassesThatAreTested() throws IOException {
    List<String> sources = new ArrayList<>();
    for (String name : List.of("TrainFromCode", "ClassifyWithSparkMl", "OwnNetwork")) {
      sources.add(Files.readString(Path.of("src/test/java/io/involution/site", name + ".java")));
    }
    assertThat(Page.read(Path.of("src/site/markdown/library.md")).blocks("java"))
        .isEqualTo(sources);
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
