package io.involution.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Read back by Google's library. */
class MessageTest {
  @Test
  void fieldsAreReadAsTheyWereWritten() throws IOException {
    byte[] array = new byte[5000];
    array[4999] = 7;
    Message inner = new Message().number(1, 300).bytes(2, array).real(3, -1.5f);
    Message outer = new Message().number(1, -1).text(2, "ü").message(3, inner).append(inner);

    CodedInputStream in = CodedInputStream.newInstance(outer.toBytes());

    assertThat(outer.length()).isEqualTo(outer.toBytes().length);
    assertThat(in.readTag()).isEqualTo(1 << 3);
    assertThat(in.readInt64()).isEqualTo(-1);
    assertThat(in.readTag()).isEqualTo(2 << 3 | 2);
    assertThat(in.readString()).isEqualTo("ü");
    assertThat(in.readTag()).isEqualTo(3 << 3 | 2);
    assertThat(in.readRawVarint32()).isEqualTo(inner.length());
    for (int time = 0; time < 2; time++) {
      assertThat(in.readTag()).isEqualTo(1 << 3);
      assertThat(in.readInt32()).isEqualTo(300);
      assertThat(in.readTag()).isEqualTo(2 << 3 | 2);
      assertThat(in.readByteArray()).isEqualTo(array);
      assertThat(in.readTag()).isEqualTo(3 << 3 | 5);
      assertThat(in.readFloat()).isEqualTo(-1.5f);
    }
    assertThat(in.isAtEnd()).isTrue();
  }

  /** More than an array holds; the parts are one array, so that this takes no memory. */
  @Test
  void theLengthIsKnownBeforeTheBytesAreMade() {
    byte[] array = new byte[1 << 28];
    Message message = new Message();
    for (int time = 0; time < 9; time++) {
      message.bytes(1, array);
    }

    assertThat(message.length()).isGreaterThan(9L << 28);
  }
}
