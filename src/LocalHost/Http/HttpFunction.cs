using Chard.LocalHost.Functions;

namespace Chard.LocalHost.Http;

/// <summary>A function that is called by HTTP.</summary>
internal sealed record HttpFunction(FunctionDefinition Definition, bool IsDisabled)
{
    /// <summary>The template behind the app's prefix; by default the function's name.</summary>
    public string Route => Definition.Trigger.Text("route") ?? Definition.Name;

    /// <summary>Upper case; empty: all.</summary>
    public IReadOnlyList<string> Methods => [.. Definition.Trigger.Texts("methods").Select(method => method.ToUpperInvariant())];
}
