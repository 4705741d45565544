using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Chard.Emulator.Functions.Settings;

/// <summary>Reads single values of host.json; what cannot be used becomes a fault that names key, value and range.</summary>
internal sealed class HostJsonReader(IConfiguration root, List<string> faults)
{
    public void Fault(string text) => faults.Add($"host.json: {text}.");

    public string? Text(string key) => root[key];

    public int? Integer(string key, int least, int most)
    {
        var text = root[key];
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Fault($"{Name(key)} is '{text}'; it must be a whole number {(most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}")}");
        return null;
    }

    public TimeSpan? Span(string key, TimeSpan least, TimeSpan most)
    {
        var text = root[key];
        if (text is null)
        {
            return null;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Fault($"{Name(key)} is '{text}'; it must be a time such as \"00:00:30\"{(least > TimeSpan.Zero ? $", at least {least}" : string.Empty)}{(most < TimeSpan.MaxValue ? $", at most {most}" : string.Empty)}");
        return null;
    }

    public string? OneOf(string key, params string[] values)
    {
        var text = root[key];
        if (text is null)
        {
            return null;
        }

        var known = values.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            Fault($"{Name(key)} is '{text}'; it must be {string.Join(" or ", values)}");
        }

        return known;
    }

    private static string Name(string key) => key.Replace(':', '.');
}
