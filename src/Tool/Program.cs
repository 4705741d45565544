using System.Text;
using Chard.Tool;

// A terminal, or who sends signals to a whole group, may send one Ctrl-C twice.
const int OnePress = 1000;

// JSON is UTF-8, whatever the terminal's own encoding.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
using var interrupted = new CancellationTokenSource();
long since = 0;
Console.CancelKeyPress += (_, pressed) =>
{
    // The first one ends in good order, and says how to come back; another ends at once.
    if (!interrupted.IsCancellationRequested)
    {
        since = Environment.TickCount64;
        interrupted.Cancel();
    }

    pressed.Cancel = Environment.TickCount64 - since < OnePress;
};
return await ToolApp.RunAsync(args, Console.Out, Console.Error, interrupted.Token, input);
