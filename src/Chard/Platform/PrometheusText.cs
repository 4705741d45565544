using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Chard.Platform;

/// <summary>
/// What this instance has measured in Prometheus' text format 0.0.4: dots are underscores, the unit is part of the name, a counter's
/// ends in <c>_total</c>.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(InstanceMetrics metrics)
    {
        var text = new StringBuilder();
        foreach (InstrumentSeries instrument in metrics.All)
        {
            string name = NameOf(instrument);
            Head(text, name, instrument.Instrument.Description, instrument.IsHistogram ? "histogram" : "counter");
            foreach ((SeriesTags tags, MinuteRing ring) in instrument.Series)
            {
                (long[] counts, double sum) = ring.All();
                if (instrument.IsHistogram)
                {
                    Histogram(text, name, tags, counts, sum);
                }
                else
                {
                    Sample(text, name, Labels(tags), counts[0]);
                }
            }
        }

        Gauge(text, TelemetryNames.QueueDepth, "Messages that wait.", metrics.Depths.Queues());
        Gauge(text, TelemetryNames.DeadLettersParked, "Dead letters that a workflow waits for now.", metrics.Depths.Parked());
        return text.ToString();
    }

    private static void Histogram(StringBuilder text, string name, SeriesTags tags, long[] counts, double sum)
    {
        string labels = Labels(tags);
        long upTo = 0;
        for (int bucket = 0; bucket < counts.Length; bucket++)
        {
            upTo += counts[bucket];
            string bound = bucket < ChardMetrics.Buckets.Count
                ? ChardMetrics.Buckets[bucket].ToString(CultureInfo.InvariantCulture)
                : "+Inf";
            Sample(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", upTo);
        }

        Sample(text, name + "_sum", labels, sum);
        Sample(text, name + "_count", labels, upTo);
    }

    private static void Gauge(StringBuilder text, string instrument, string help, IEnumerable<Measurement<long>> measurements)
    {
        string name = Plain(instrument);
        Head(text, name, help, "gauge");
        foreach (Measurement<long> measurement in measurements)
        {
            string labels = "";
            foreach (KeyValuePair<string, object?> tag in measurement.Tags)
            {
                labels = Label(tag.Key, (string)tag.Value!);
            }

            Sample(text, name, labels, measurement.Value);
        }
    }

    private static void Head(StringBuilder text, string name, string? help, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Sample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string NameOf(InstrumentSeries series)
    {
        string name = Plain(series.Instrument.Name);
        string unit = series.Instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return series.IsHistogram ? name : name + "_total";
    }

    private static string Labels(SeriesTags tags) => string.Join(',', tags.All().Select(t => Label(t.Name, t.Value)));

    private static string Label(string name, string value) =>
        $"{Plain(name)}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static string Plain(string name) => name.Replace('.', '_');
}
