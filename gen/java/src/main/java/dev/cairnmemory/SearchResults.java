package dev.cairnmemory;

import dev.cairnmemory.v1.SearchResponse;
import dev.cairnmemory.v1.SearchResult;
import dev.cairnmemory.v1.SearchSummary;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The results of a search, best first. Closing it before its end stops the search on the server. */
public final class SearchResults implements CloseableIterator<SearchResult> {
  private final CloseableIterator<SearchResponse> messages;
  private SearchResult next;
  private SearchSummary summary;

  SearchResults(CloseableIterator<SearchResponse> messages) {
    this.messages = messages;
  }

  /** How the search went; there once {@link #hasNext} has answered false. */
  public Optional<SearchSummary> summary() {
    return Optional.ofNullable(summary);
  }

  /** Waits for the next result. */
  @Override
  public boolean hasNext() {
    while (next == null && messages.hasNext()) {
      SearchResponse message = messages.next();
      if (message.hasResult()) next = message.getResult();
      if (message.hasSummary()) summary = message.getSummary();
    }
    return next != null;
  }

  @Override
  public SearchResult next() {
    if (!hasNext()) throw new NoSuchElementException("the search has ended");
    SearchResult result = next;
    next = null;
    return result;
  }

  @Override
  public void close() {
    messages.close();
  }
}
