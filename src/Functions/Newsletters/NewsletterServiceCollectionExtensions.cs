using Chard.Domain.Newsletters;
using Chard.Functions.Outgoing;
using Chard.Functions.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Newsletters;

/// <summary>Registers what sends newsletters.</summary>
public static class NewsletterServiceCollectionExtensions
{
    /// <summary>
    /// Adds the workflow <c>SendNewsletter</c> and what it needs, with settings <c>Chard:Mail</c> and <c>Chard:Newsletters</c>.
    /// Safe to call twice.
    /// </summary>
    public static IServiceCollection AddNewsletters(this IServiceCollection services)
    {
        services.AddOutgoing();
        services.AddOptions<MailOptions>()
            .Configure<IConfiguration>(
                (options, configuration) => options.Folder = Path.Combine(configuration["LOCALHOST_DATA"] ?? ".chard", "outbox"))
            .BindConfiguration(MailOptions.Section)
            .ValidateOnStart();
        services.AddOptions<NewsletterOptions>().BindConfiguration(NewsletterOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MailOptions>, MailOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NewsletterOptions>, MailOptionsValidator>());
        services.TryAddSingleton<NewsletterContents>();
        services.TryAddSingleton<PickupMailSender>();
        services.TryAddSingleton<SmtpMailSender>();
        services.TryAddSingleton<IMailSender>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.Smtp.Host is null
            ? provider.GetRequiredService<PickupMailSender>()
            : provider.GetRequiredService<SmtpMailSender>());
        services.AddWorkflow<SendNewsletterWorkflow>();
        return services;
    }
}
