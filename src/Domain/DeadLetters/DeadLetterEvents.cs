using System.Globalization;

namespace Chard.Domain.DeadLetters;

/// <summary>The external events that bring an operator's decision to a parked task.</summary>
public static class DeadLetterEvents
{
    /// <summary>
    /// Name of the event that resolves the failure at <paramref name="path"/> in its <paramref name="generation"/>. A double click cannot
    /// resolve the next failure of the same task, since that has another generation.
    /// </summary>
    public static string NameOf(string path, int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"dead-letter:{path}:{generation}");
}
