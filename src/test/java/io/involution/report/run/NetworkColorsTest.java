package io.involution.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkColorsTest {
  @Test
  void everyNetworkOfARunHasAColorOfItsOwn() {
    for (int users = 1; users <= NetworkColors.COUNT - 2; users++) {
      List<String> networks =
          Stream.concat(
                  IntStream.range(0, users).mapToObj(network -> "mine-" + network),
                  Stream.of("convolution", "involution"))
              .toList();
      assertThat(NetworkColors.of(networks)).containsOnlyKeys(networks);
      assertThat(NetworkColors.of(networks).values())
          .doesNotHaveDuplicates()
          .allMatch(color -> color >= 0 && color < NetworkColors.COUNT);
    }
    assertThat(NetworkColors.of(List.of("mine", "involution"))).containsEntry("involution", 1);
    assertThat(NetworkColors.of(List.of("involution", "other"))).containsEntry("involution", 1);
    List<String> many = IntStream.range(0, 20).mapToObj(network -> "mine-" + network).toList();
    assertThat(NetworkColors.of(many).values())
        .allMatch(color -> color >= 0 && color < NetworkColors.COUNT);
  }

  @Test
  void theStyleSheetHasAllColors() throws IOException {
    String style =
        Files.readString(Path.of("src/main/resources/io/involution/report/page/report.css"));
    for (int color = 1; color <= NetworkColors.COUNT; color++) {
      assertThat(style).contains(".series-" + color + " {", "--series-" + color + ": #");
    }
    assertThat(style).doesNotContain("--series-" + (NetworkColors.COUNT + 1));
  }
}
