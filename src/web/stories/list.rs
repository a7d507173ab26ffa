//! All stories, with how far one has come.

use leptos::prelude::*;

use super::progress;
use crate::labs::stories::{Story, all};

#[component]
pub(super) fn StoryList(
    /// The name of a story that there is not, if one was asked for.
    #[prop(into)]
    unknown: Signal<String>,
) -> impl IntoView {
    let progress = progress();
    let entry = |story: &'static Story| {
        let (done, of) = (progress.count(story), story.steps.len());
        let standing = match done {
            0 => format!("{of} steps"),
            done if done == of => "✓ done".to_owned(),
            done => format!("{done} of {of}"),
        };
        let address = story.address(progress.next(story));
        view! {
            <li class:solved=done == of>
                <a class="card" href=format!("#/{address}") data-testid=format!("story-{}", story.name)>
                    <b>{story.title.clone()}</b>
                    <span>{story.about.clone()}</span>
                    <small><span class="tag">{story.question.clone()}</span> <span class="standing" data-value=done>{standing}</span></small>
                </a>
            </li>
        }
    };
    let lost = move || {
        let name = unknown.get();
        (!name.is_empty()).then(|| {
            view! { <p class="error" role="alert" data-testid="error">{format!("There is no story “{name}”. These are all of them.")}</p> }
        })
    };
    view! {
        <div class="home story-list">
            <section aria-labelledby="stories">
                {lost}
                <h1 id="stories">"Stories"</h1>
                <p class="lead">"Each takes one question and a few minutes: read a little, try it on the lab beside it, and be told when it is done."</p>
                <ul class="cards">{all().iter().map(entry).collect_view()}</ul>
            </section>
        </div>
    }
}
