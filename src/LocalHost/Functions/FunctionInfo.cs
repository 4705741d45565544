namespace Chard.LocalHost.Functions;

/// <summary>A function as people know it.</summary>
/// <param name="Name">Its name, which is unique in the app.</param>
/// <param name="Kind">What starts it.</param>
/// <param name="IsDisabled">By the setting <c>AzureWebJobs.{name}.Disabled</c>.</param>
/// <param name="Methods">HTTP: the methods it takes, upper case; empty: all.</param>
/// <param name="Url">HTTP: where it is, with the templates in its route as they are.</param>
/// <param name="Schedule">Timer: its expression, settings resolved.</param>
/// <param name="Queue">Queue: its name, settings resolved.</param>
public sealed record FunctionInfo(
    string Name,
    TriggerKind Kind,
    bool IsDisabled,
    IReadOnlyList<string> Methods,
    string? Url = null,
    string? Schedule = null,
    string? Queue = null);
