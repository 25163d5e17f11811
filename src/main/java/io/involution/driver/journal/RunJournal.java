package io.involution.driver.journal;

import io.involution.train.EpochOutcome;
import io.involution.train.Journal;
import io.involution.train.RoundOutcome;
import io.involution.train.TrainingPoint;
import io.involution.train.time.Position;
import io.involution.train.time.Round;
import java.util.List;

/**
 * Several journals as one, called in order.
 *
 * @param journals the journals
 */
public record RunJournal(List<Journal> journals) implements Journal {
  @Override
  public void roundEnded(Round round, RoundOutcome outcome) {
    journals.forEach(journal -> journal.roundEnded(round, outcome));
  }

  @Override
  public void epochEnded(EpochOutcome outcome) {
    journals.forEach(journal -> journal.epochEnded(outcome));
  }

  @Override
  public void workersUnknown(int epoch, List<Integer> examples) {
    journals.forEach(journal -> journal.workersUnknown(epoch, examples));
  }

  @Override
  public boolean needs(Position position) {
    return journals.stream().anyMatch(journal -> journal.needs(position));
  }

  @Override
  public void reached(TrainingPoint point) {
    journals.forEach(journal -> journal.reached(point));
  }
}
