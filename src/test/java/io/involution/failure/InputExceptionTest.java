package io.involution.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class InputExceptionTest {
  @Test
  void theMessageTellsItsCauseBeforeTheFix() {
    IOException cause = new IOException("disk: gone");

    assertThat(new InputException("x is damaged: use another", cause))
        .hasMessage("x is damaged (IOException: disk: gone): use another");
    assertThat(new InputException("x is damaged", new UncheckedIOException(cause)))
        .hasMessage("x is damaged (IOException: disk: gone)");
    assertThat(new InputException("x is lost: use another", new NoSuchMethodError("y")))
        .hasMessage("x is lost (NoSuchMethodError: y): use another");
  }

  @Test
  void aCauseThatIsToldAlreadyIsNotToldTwice() {
    assertThat(new InputException("x (disk gone): use another", new IOException("disk gone")))
        .hasMessage("x (disk gone): use another");
    assertThat(new InputException("x is 'a': use a number", new NumberFormatException("a?")))
        .hasMessage("x is 'a': use a number");
  }
}
