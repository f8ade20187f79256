package dev.lanewise.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "evaluate")
final class Evaluate implements Callable<Integer> {

  @Override
  public Integer call() {
    throw new UnsupportedOperationException("evaluate");
  }
}
