package dev.cairnmemory;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** All that a list RPC lists; a page is fetched when the one before has been taken. Each iterator starts anew. */
final class Pages<T> implements Iterable<T> {
  /** One page; an empty token: it is the last. */
  record Page<T>(List<T> items, String nextToken) {}

  private final Function<String, Page<T>> fetch;

  /** @param fetch the page of a token; empty: the first. */
  Pages(Function<String, Page<T>> fetch) {
    this.fetch = fetch;
  }

  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private Iterator<T> page = List.<T>of().iterator();
      private String token = "";
      private boolean last;

      @Override
      public boolean hasNext() {
        while (!page.hasNext() && !last) {
          Page<T> fetched = fetch.apply(token);
          page = fetched.items().iterator();
          token = fetched.nextToken();
          last = token.isEmpty();
        }
        return page.hasNext();
      }

      @Override
      public T next() {
        if (!hasNext()) throw new NoSuchElementException("there is no more");
        return page.next();
      }
    };
  }
}
