package dev.lanewise.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "predict")
final class Predict implements Callable<Integer> {

  @Override
  public Integer call() {
    throw new UnsupportedOperationException("predict");
  }
}
