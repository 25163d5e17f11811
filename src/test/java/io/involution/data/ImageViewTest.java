package io.involution.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.data.ImageView.Square;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageViewTest {
  @Test
  void everyViewHasACodeOfItsOwn() {
    Random random = new Random(3);
    Set<Long> codes = new HashSet<>();
    Set<ImageView> views = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      ImageView view =
          new ImageView(
              random.nextBoolean(),
              random.nextInt(511) - 255,
              random.nextInt(511) - 255,
              random.nextBoolean(),
              new Square(random.nextInt(256), random.nextInt(256), random.nextInt(256)));
      views.add(view);
      codes.add(view.code());

      assertThat(ImageView.of(view.code())).isEqualTo(view);
    }

    assertThat(codes).hasSameSizeAs(views);
    assertThat(ImageView.of(0)).isEqualTo(ImageView.WHOLE);
    assertThat(ImageView.WHOLE.code()).isZero();
    assertThatThrownBy(() -> new ImageView(false, 256, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Square(0, 256, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aShiftLeavesTheMarginEmpty() {
    ImageView view = new ImageView(false, 2, -3);

    assertThat(view.sourceRow(0, 32)).isEqualTo(-1);
    assertThat(view.sourceRow(1, 32)).isEqualTo(-1);
    assertThat(view.sourceRow(2, 32)).isZero();
    assertThat(view.sourceRow(31, 32)).isEqualTo(29);
    assertThat(view.sourceColumn(0, 32)).isEqualTo(3);
    assertThat(view.sourceColumn(28, 32)).isEqualTo(31);
    assertThat(view.sourceColumn(29, 32)).isEqualTo(-1);
  }

  @Test
  void aFlipExchangesLeftAndRightBeforeTheShift() {
    ImageView view = new ImageView(true, 0, 1);

    assertThat(view.sourceColumn(0, 32)).isEqualTo(-1);
    assertThat(view.sourceColumn(1, 32)).isEqualTo(31);
    assertThat(view.sourceColumn(31, 32)).isEqualTo(1);
    assertThat(view.sourceRow(5, 32)).isEqualTo(5);
  }
}
