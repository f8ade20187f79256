package dev.lanewise.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "inspect")
final class Inspect implements Callable<Integer> {

  @Override
  public Integer call() {
    throw new UnsupportedOperationException("inspect");
  }
}
