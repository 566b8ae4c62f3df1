package dev.conntrail.load.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Some of what a library makes connections by, which requests take in turn. One that was used long
 * enough is replaced at once, and retired when nobody uses it any more.
 *
 * @param <C> what it is: a channel, or a client with a pool
 */
final class Rotation<C> {
  private final List<Slot> slots = new ArrayList<>();
  private final List<Made> all = new ArrayList<>();
  private final Function<BooleanSupplier, C> make;
  private final Consumer<C> retire;
  private final Lifetimes lifetimes;
  private int turn;

  /** A place, and what is in it now. */
  private final class Slot {
    private Made now;
  }

  private final class Made {
    private final AtomicBoolean worn = new AtomicBoolean();
    private final Lifetimes.Life life = lifetimes.begin();
    private final C it = make.apply(worn::get);
    private int users;
    private boolean left;
  }

  /** A use of one. */
  final class Lease implements AutoCloseable {
    private final Made made;
    private boolean ended;

    private Lease(Made made) {
      this.made = made;
    }

    C it() {
      return made.it;
    }

    /** Uses it once more; false if it was used long enough, and another is to be taken. */
    boolean again() {
      synchronized (Rotation.this) {
        if (made.left || made.life.over()) {
          return false;
        }
        made.life.use();
        return true;
      }
    }

    @Override
    public void close() {
      synchronized (Rotation.this) {
        if (!ended) {
          ended = true;
          made.users--;
          retireUnused(made);
        }
      }
    }
  }

  /**
   * None are made yet.
   *
   * @param size how many there are at a time
   * @param make makes one, which can ask whether it was used long enough
   * @param retire ends one that nobody uses
   */
  Rotation(int size, Function<BooleanSupplier, C> make, Consumer<C> retire, Lifetimes lifetimes) {
    this.make = make;
    this.retire = retire;
    this.lifetimes = lifetimes;
    for (int i = 0; i < size; i++) {
      slots.add(new Slot());
    }
  }

  /** The next in turn, for one use. */
  synchronized Lease take() {
    Slot slot = slots.get(turn++ % slots.size());
    if (slot.now == null || slot.now.life.over()) {
      replace(slot);
    }
    slot.now.life.use();
    slot.now.users++;
    return new Lease(slot.now);
  }

  private void replace(Slot slot) {
    Made old = slot.now;
    slot.now = new Made();
    all.add(slot.now);
    if (old != null) {
      old.worn.set(true);
      leave(old);
    }
  }

  private void leave(Made made) {
    made.left = true;
    retireUnused(made);
  }

  private void retireUnused(Made made) {
    if (made.left && made.users == 0) {
      retire.accept(made.it);
      all.remove(made);
    }
  }

  /** All are left, those in use when nobody uses them any more. */
  synchronized void abandon() {
    for (Slot slot : slots) {
      if (slot.now != null) {
        leave(slot.now);
        slot.now = null;
      }
    }
  }

  /** Ends all, used or not. */
  synchronized void close(Consumer<C> end) {
    all.forEach(made -> end.accept(made.it));
  }
}
