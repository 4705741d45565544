using Chard.Tool;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first one ends in good order, and says how to come back; the second ends at once.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};
return await ToolApp.RunAsync(args, Console.Out, Console.Error, interrupted.Token);
