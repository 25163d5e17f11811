package io.involution.data;

import io.involution.data.ImageView.Square;

/** Codes of views. */
public final class ViewFixture {
  private ViewFixture() {}

  /** One of the 162 that are flipped or not and shifted by up to 4 pixels over black. */
  public static long usual(int number) {
    return new ImageView(number % 2 == 1, number / 18 - 4, number / 2 % 9 - 4).code();
  }

  /** One of many of all kinds, for images of at least 5 rows and columns. */
  public static long any(int number) {
    Square square = new Square(number % 3, number / 3 % 2, number % 4);
    return new ImageView(
            number % 2 == 1, number / 2 % 9 - 4, number / 18 % 9 - 4, number / 6 % 2 == 1, square)
        .code();
  }
}
