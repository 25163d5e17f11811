package io.involution.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageViewTest {
  @Test
  void everyNumberIsAViewOfItsOwn() {
    Set<ImageView> views = new HashSet<>();
    for (int number = 0; number < ImageView.COUNT; number++) {
      views.add(ImageView.of(number));
    }

    assertThat(views).hasSize(2 * 9 * 9).contains(new ImageView(false, 0, 0));
    assertThat(views)
        .allSatisfy(
            view -> {
              assertThat(view.down()).isBetween(-4, 4);
              assertThat(view.right()).isBetween(-4, 4);
            });
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
