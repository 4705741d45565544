using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Chard.Tool.Commands;

namespace Chard.Tool;

/// <summary>The tool as a call.</summary>
internal static class ToolApp
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">What follows <c>chard</c>.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where progress and complaints go.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <param name="input">What <c>-</c> in place of a file reads; the process's own unless it is given.</param>
    /// <param name="environment">Variables by name; the process's own unless it is given.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken,
        TextReader? input = null,
        Func<string, string?>? environment = null)
    {
        var host = new CommandHost(output, error, input ?? Console.In, environment ?? Environment.GetEnvironmentVariable);
        // "@file" is for the options that take JSON, no file of further arguments.
        ParseResult line = Create(host).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (line.Action is ParseErrorAction)
        {
            foreach (string message in line.Errors.Select(e => e.Message).Distinct())
            {
                await error.WriteLineAsync(message);
            }

            await error.WriteLineAsync($"'{NameOf(line.CommandResult.Command)} --help' tells what it takes.");
            return ExitCode.Usage;
        }

        // Ctrl-C is the caller's affair: the library's own handler would end the process before it has said how to come back.
        return await line.InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null }, cancellationToken);
    }

    private static RootCommand Create(CommandHost host)
    {
        var root = new RootCommand("Imports, starts, watches and mends the workflows of a Chard app.")
        {
            HelpName = "chard",
        };
        host.AddTo(root);
        Command[] commands =
        [
            ImportCommand.Create(host), StartCommand.Create(host), WatchCommand.Create(host), ListCommand.Create(host),
            ShowCommand.Create(host), ResultCommand.Create(host), .. ControlCommands.Create(host), LettersCommand.Create(host),
            LetterCommand.Create(host), .. ResolveCommands.Create(host), SchedulesCommand.Create(host), LimitsCommand.Create(host),
            TasksCommand.Create(host), CompletionCommand.Create(host),
        ];
        foreach (Command command in commands)
        {
            root.Add(command);
        }

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExitCodes((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    private static string NameOf(Command command) => command is RootCommand ? "chard" : string.Join(' ', Names(command));

    private static IEnumerable<string> Names(Command command) => command is RootCommand
        ? ["chard"]
        : [.. command.Parents.OfType<Command>().SelectMany(Names), command.Name];

    private sealed class HelpWithExitCodes(SynchronousCommandLineAction inner) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int code = inner.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(ExitCode.Help);
            return code;
        }
    }
}
