package io.involution.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** The processes of other users are not there, or cannot be read. */
  @Test
  void aProcessThatProcHidesIsNotTakenForDead(@TempDir Path proc) throws IOException {
    Owner other = new Owner(Owner.here().machine(), 4711, "17");
    Path mounts = Files.createDirectories(proc.resolve("self")).resolve("mounts");
    assertThat(other.isGone(proc)).isFalse();
    Files.writeString(mounts, "proc /proc proc rw,nosuid,hidepid=invisible 0 0\n");
    assertThat(other.isGone(proc)).isFalse();

    Files.writeString(mounts, "proc /proc proc rw,nosuid 0 0\n");
    assertThat(other.isGone(proc)).isTrue();
    Files.createDirectories(proc.resolve("4711/stat"));
    assertThat(other.isGone(proc)).isFalse();
  }

  @Test
  void whatIsNoOwnerIsNone() {
    assertThat(Owner.in("")).isEmpty();
    assertThat(Owner.in("owner of nothing")).isEmpty();
  }
}
