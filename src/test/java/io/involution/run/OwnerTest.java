package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnerTest {
  @Test
  void thisProcessLives() {
    Owner here = Owner.here();

    assertThat(Owner.in("token " + here.text())).contains(here);
    assertThat(here.isGone()).isFalse();
  }

  @Test
  void anotherProcessOfTheSameNumberIsNotTheOne() {
    Owner here = Owner.here();

    assertThat(new Owner(here.machine(), here.pid(), "17").isGone()).isTrue();
    assertThat(new Owner("elsewhere", here.pid(), "17").isGone()).isFalse();
  }

  @Test
  void whatIsNoOwnerIsNone() {
    assertThat(Owner.in("")).isEmpty();
    assertThat(Owner.in("owner of nothing")).isEmpty();
  }
}
