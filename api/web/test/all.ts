import './aloud.test';
import './points.test';
import './view.test';
import './words.test';
