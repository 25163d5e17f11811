package io.involution.files;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;

/** An answer's body as it arrives; more bytes than the limit end it. */
final class LimitedBody implements BodySubscriber<Void> {
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final int code;
  private final long most;
  private final LimitedHttp.Sink sink;
  private final AtomicLong heard;
  private Subscription subscription;
  private long total;

  /**
   * The body of one answer.
   *
   * @param code its status code
   * @param heard set to the time at which something arrived, as System.nanoTime() counts it
   */
  LimitedBody(int code, LimitedHttp.Limits limits, LimitedHttp.Sink sink, AtomicLong heard) {
    this.code = code;
    this.most = limits.bytes();
    this.sink = sink;
    this.heard = heard;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    heard.set(System.nanoTime());
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    heard.set(System.nanoTime());
    try {
      for (ByteBuffer part : parts) {
        total += part.remaining();
        if (total > most) {
          throw new IOException("the answer has more than " + most + " bytes");
        }
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        sink.accept(code, bytes);
      }
      subscription.request(1);
    } catch (IOException | RuntimeException e) {
      subscription.cancel();
      done.completeExceptionally(e);
    }
  }

  @Override
  public void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    done.complete(null);
  }
}
