using System.CommandLine;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary>What all commands have in common: the options that say which app, and what becomes of failures.</summary>
internal sealed class CommandHost(TextWriter output, TextWriter error, TextReader input, Func<string, string?> environment)
{
    private const string DefaultUrl = "http://localhost:7071";

    private readonly Option<string?> url = new("--url")
    {
        Description = $"The app's address. Default: CHARD_URL, else {DefaultUrl}",
        Recursive = true,
        HelpName = "address",
    };

    private readonly Option<string?> key = new("--key")
    {
        Description = "A function key of the app. Default: CHARD_KEY, where other users of the machine do not see it",
        Recursive = true,
        HelpName = "key",
    };

    private readonly Option<bool> json = new("--json")
    {
        Description = "Print the API's JSON, one document, and nothing else",
        Recursive = true,
    };

    /// <summary>Adds the options.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(url);
        root.Add(key);
        root.Add(json);
    }

    /// <summary>Says what a command does.</summary>
    public void Handle(Command command, Func<Session, Task<int>> act) =>
        command.SetAction((line, cancellationToken) => RunAsync(line, act, cancellationToken));

    private async Task<int> RunAsync(ParseResult line, Func<Session, Task<int>> act, CancellationToken cancellationToken)
    {
        var screen = new Screen(output, error, line.GetValue(json));
        try
        {
            using var api = new ApiClient(Address(line), Key(line));
            return await act(new Session(line, api, screen, input, cancellationToken));
        }
        catch (ToolException e)
        {
            screen.Complain(e.Message);
            return e.Code;
        }
        catch (AppUnreachableException e)
        {
            screen.Complain(e.Message);
            return ExitCode.Unreachable;
        }
        catch (ApiProblemException e)
        {
            screen.Complain(e);
            return e.Code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private Uri Address(ParseResult line)
    {
        string given = line.GetValue(url) ?? NotEmpty(environment("CHARD_URL")) ?? DefaultUrl;
        if (!Uri.TryCreate(given, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            throw new ToolException($"'{given}' is no address such as https://example.azurewebsites.net.");
        }

        // A key in an address ends up in logs and histories.
        return address.Query.Length == 0 && address.UserInfo.Length == 0 && address.Fragment.Length == 0
            ? address
            : throw new ToolException("The address must have no query, user or fragment. A key is given by CHARD_KEY or --key.");
    }

    private string? Key(ParseResult line)
    {
        string? given = line.GetValue(key) ?? NotEmpty(environment("CHARD_KEY"));
        return given is null || given.All(c => c is > ' ' and < '\x7f')
            ? given
            : throw new ToolException("The key holds signs that no key has: white space, or what is not ASCII.");
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
