package io.involution.driver.process;

import io.involution.failure.Places;
import io.involution.failure.PlainText;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;

/**
 * A console appender that is given messages and stack traces without control characters and
 * secrets; its layout may have colors of its own.
 */
final class PlainConsole extends AbstractAppender {
  private final ConsoleAppender console;

  PlainConsole(ConsoleAppender console) {
    super(console.getName(), null, console.getLayout(), true, Property.EMPTY_ARRAY);
    this.console = console;
  }

  @Override
  public void append(LogEvent event) {
    String text = Places.shown(event.getMessage().getFormattedMessage());
    if (event.getThrown() != null) {
      text += "\n" + Places.trace(event.getThrown()).stripTrailing();
    }
    console.append(
        new Log4jLogEvent.Builder(event)
            .setMessage(new SimpleMessage(PlainText.lines(text)))
            .setThrown(null)
            .build());
  }
}
