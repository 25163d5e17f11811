package io.involution.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.ImageShape;
import io.involution.evaluate.artifact.Picture;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionPageTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  private static String page(ImageShape shape, String... networks) {
    Sample sample = new Sample(0, Sample.UNLABELED, new Picture(shape, new byte[shape.pixels()]));
    Prediction prediction = new Prediction(0, Sample.UNLABELED, List.of(0.25f, 0.75f), List.of());
    PredictionPage page = new PredictionPage(List.of("a.png"));
    for (String network : networks) {
      page.model(network, CLASSES, List.of(sample), List.of(prediction));
    }
    return new String(page.html(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"48, 64, rectangle and scaled to 64 × 48", "32, 32, square and scaled to 32 × 32"})
  void itSaysWhatTheNetworksSee(int height, int width, String how) {
    assertThat(page(new ImageShape(3, height, width), "convolution"))
        .contains("Each image was cropped to its central " + how + " pixels, which is all");
  }

  @Test
  void aNetworkHasItsColorWhateverElsePredicts() {
    String first = "class=\"meter series-1\"";
    String second = "class=\"meter series-2\"";

    assertThat(page(ImageShape.CIFAR10, "involution")).contains(second).doesNotContain(first);
    assertThat(page(ImageShape.CIFAR10, "involution", "convolution")).contains(first, second);
  }

  @Test
  void theTerminalSaysTheSame() {
    assertThat(PredictionPage.cropped(64, 48))
        .isEqualTo("cropped to its central rectangle and scaled to 64 x 48 pixels");
  }
}
